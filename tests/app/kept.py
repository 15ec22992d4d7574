"""What the page keeps of weights in the browser's own files."""

from __future__ import annotations

from playwright.sync_api import Page

_SIZES = """async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("weights");
    const sizes = {};
    for await (const [name, handle] of folder.entries()) sizes[name] = (await handle.getFile()).size;
    return sizes;
}"""


def kept(page: Page) -> dict[str, int]:
    """The bytes of each file by its name, once nothing is fetched any more."""
    sizes: dict[str, int] = page.evaluate(_SIZES)
    return sizes


def waits_for_share(page: Page, share: float) -> None:
    """Until so much of what is being fetched has been kept, as the page tells."""
    page.wait_for_function("(share) => document.querySelector('.status progress')?.value >= share", arg=share)
