"""What the page keeps of weights in the browser's own files."""

from __future__ import annotations

from playwright.sync_api import Page

_SIZES = """async () => {
    const sizes = {};
    try {
        const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("weights");
        for await (const [name, handle] of folder.entries()) sizes[name] = (await handle.getFile()).size;
    } catch (error) {
        if (error.name !== "NotFoundError") throw error;  // a file that was given its name meanwhile, or no folder yet
    }
    return sizes;
}"""


def kept(page: Page) -> dict[str, int]:
    """The bytes of each file by its name; parts have names of their own."""
    sizes: dict[str, int] = page.evaluate(_SIZES)
    return sizes


def waits_for_bytes(page: Page, most: int) -> None:
    """Until so many bytes lie there, of whatever is being fetched."""
    sizes = f"({_SIZES})()"
    page.wait_for_function(
        f"async (most) => Object.values(await {sizes}).reduce((sum, one) => sum + one, 0) >= most", arg=most
    )
