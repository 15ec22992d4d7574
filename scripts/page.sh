#!/bin/sh
# The browser page. `sh scripts/page.sh build|if-node|check|test|browser`
set -eu
. scripts/node.sh

packages() {
    # npm writes this file last; it is older than the lock where another set is wanted.
    if [ ! -f web/node_modules/.package-lock.json ] || [ web/package-lock.json -nt web/node_modules/.package-lock.json ]; then
        echo "Installing what the page is built with into web/node_modules" >&2
        (cd web && npm ci --silent)
        touch web/node_modules/.package-lock.json
    fi
}

build() {
    packages
    page=src/feathercut/app/page/index.html
    if [ ! -f "$page" ] || [ -n "$(find web golden src/feathercut/models/records -newer "$page" -type f \
        -not -path '*/node_modules/*' -not -path '*/test-results/*' | head -n 1)" ]; then
        echo "Building the page" >&2
        (cd web && npm run --silent build -- --logLevel warn)
    fi
}

browser() {
    for name in chromium chromium-browser google-chrome chrome; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    echo "Installing Chromium, in which the page is tested" >&2
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
        echo "The page is tested in Chromium, and there is none. Install it (on Debian: \`apt install chromium\`)" >&2
        exit 1
    fi
    apt-get update -qq >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y chromium >/dev/null
}

case $1 in
build) bring_node && build ;;
if-node)
    if has_node; then
        build
    else
        echo "The browser page was skipped: it is built by Node 20.19 or newer, and there is none" >&2
    fi
    ;;
check) bring_node && packages && cd web && npm run --silent check ;;
test) bring_node && packages && cd web && npm test --silent ;;
browser) browser ;;
app)
    # Changes show at once; the weights come from a server of our own beside Vite's.
    bring_node && build
    .venv/bin/feathercut app --no-open --port 4665 &
    trap 'kill $!' EXIT
    cd web && npm run --silent dev -- --open
    ;;
esac
