"""Everything that Feathercut raises.

    FeathercutError
    ├── OptionError             a value that an option does not take
    │   ├── SubjectError        a subject that the photo does not have
    │   └── RegionError         a region that reaches beyond its photo
    │       └── EmptyRegionError    a region without a pixel
    ├── ShapeError              an array that is not what a type promises
    ├── InputError              a photo that cannot be used
    │   ├── NotAPictureError    these bytes are no picture that is read here
    │   ├── DamagedPictureError a picture that is cut short or broken
    │   ├── TooLargeError       over a limit on bytes, pixels or frames
    │   └── MethodError         a photo that a method without a network is not for
    ├── RecipeError             a recipe that cannot be read, or is for another photo
    ├── OutputError             a result that cannot be written
    │   └── OutputExistsError   something is there already
    ├── ModelError              a network that cannot be used
    │   ├── UnknownModelError   no record of that name
    │   ├── RecordError         a record with a wrong word
    │   ├── WeightsError        weights that cannot be had, or are not what they should be
    │   └── NetworkError        a network that fails when it runs
    ├── LicenceError            a licence that was asked for or must be accepted first
    ├── DeviceError             a device that is not there or cannot be used
    ├── TrainingError           a training that cannot begin or go on
    │   └── NotBetterError      a trained network that is no better than what there was
    ├── CacheError              a cache folder that cannot be read or written
    └── PageError               the browser page cannot be had or served

Each message says what happened, to which file or option, and what to do.
"""


class FeathercutError(Exception):
    """Parent of every error that Feathercut raises."""


class OptionError(FeathercutError, ValueError):
    """A value that an option does not take."""


class SubjectError(OptionError):
    """A subject that the photo does not have."""


class RegionError(OptionError):
    """A region that reaches beyond its photo."""


class EmptyRegionError(RegionError):
    """A region without a pixel."""


class ShapeError(FeathercutError, ValueError):
    """An array that is not what a type promises."""


class InputError(FeathercutError):
    """A photo that cannot be used."""


class NotAPictureError(InputError):
    """These bytes are no picture that is read here."""


class DamagedPictureError(InputError):
    """A picture that is cut short or broken."""


class TooLargeError(InputError):
    """A picture over a limit on bytes, pixels or frames."""


class MethodError(InputError):
    """A photo that is not of the kind that a method without a network is for."""


class RecipeError(FeathercutError):
    """A recipe that cannot be read, or that is for another photo."""


class OutputError(FeathercutError):
    """A result that cannot be written."""


class OutputExistsError(OutputError):
    """Something is there already, and overwriting was not asked for."""


class ModelError(FeathercutError):
    """A network that cannot be used."""


class UnknownModelError(ModelError):
    """No record has that name."""


class RecordError(ModelError):
    """A record of a network with a wrong word."""


class WeightsError(ModelError):
    """Weights that cannot be had, or that are not what their record says."""


class NetworkError(ModelError):
    """A network that fails when it runs, or answers in an unexpected shape."""


class LicenceError(FeathercutError):
    """A licence that was excluded, or that must be accepted first."""


class DeviceError(FeathercutError):
    """A device that is not there or cannot be used."""


class TrainingError(FeathercutError):
    """A training that cannot begin or go on."""


class NotBetterError(TrainingError):
    """A trained network that is no better than what there was, and so was not installed."""


class CacheError(FeathercutError):
    """A cache folder that cannot be read or written, or that a newer Feathercut wrote."""


class PageError(FeathercutError):
    """The browser page cannot be had or served."""


def fault(error: BaseException) -> FeathercutError:
    """What nobody foresaw, as one sentence that says what to do."""
    text = " ".join(str(error).split())
    return FeathercutError(
        f"A fault of Feathercut's own: {type(error).__name__}: {text}. "
        "Run it again with `FEATHERCUT_DEBUG=1` and report what it prints"
    )
