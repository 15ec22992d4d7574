"""AVIF stills, with all of their 8, 10 or 12 bits."""

from __future__ import annotations

from feathercut.formats.av1 import HEADER_BYTES, coded_size
from feathercut.formats.iso_boxes import primary, starts_of
from feathercut.formats.limits import Limits
from feathercut.formats.raster import Raster, Tags
from feathercut.formats.sniff import refusal
from feathercut.kernels.colour import profile_of_codes
from feathercut.pictures import Animation


def read(data: bytes, limits: Limits) -> Animation:
    """The picture in an AVIF. Sequences are refused rather than read as their first frame."""
    if data[8:12] == b"avis":
        raise refusal("an animated AVIF")
    picture = primary(data)
    limits.check_picture(*picture.size)
    # The decoder unpacks what the data says, and only then makes it as large as the file says.
    for start in starts_of(data, b"av01", HEADER_BYTES):
        if size := coded_size(start):
            limits.check_unpacked(size[0] * size[1])

    import imagecodecs

    # The decoder leaves the picture as it is stored, and the EXIF block's orientation does not count.
    samples = imagecodecs.avif_decode(data, numthreads=0)
    profile = picture.profile or profile_of_codes(picture.nclx)
    tags = Tags(profile, exif=picture.exif, orientation=picture.orientation)
    channels = 1 if samples.ndim == 2 else samples.shape[2]
    raster = Raster(samples, 2**picture.depth - 1, "gray" if channels < 3 else "rgb", tags)
    return Animation((raster.image(),))
