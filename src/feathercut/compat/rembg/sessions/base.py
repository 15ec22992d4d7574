"""A network by rembg's name for it, ready; and the class that people derive sessions of their own from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from feathercut.compat.rembg.names import record_of

if TYPE_CHECKING:  # deferred: `import rembg` loads no runtime
    from PIL.Image import Image as PILImage


class BaseSession:
    """A network, loaded. Sessions of one network share it, however many are made.

    Takes `providers` as rembg does: the first of the list that is there is used, the CPU where none is named. Options
    of `Remover` may be given by name (`accept_licence`, `licence`, `precision`, `quality`, `network_size`); the rest is
    taken and has no effect, `sess_opts` included. Raises what `Remover` raises.
    """

    session_name: ClassVar[str] = ""

    def __init__(self, model_name: str, sess_opts: object = None, *args: Any, **kwargs: Any) -> None:
        self.model_name = model_name
        if self.session_name:  # a class of one's own may bring a network of its own
            from feathercut.compat.rembg.ready import network_of, remover_of

            self.network = network_of(record_of(self.session_name), kwargs)
            self.remover = remover_of(self.network)

    @classmethod
    def name(cls, *args: Any, **kwargs: Any) -> str:
        """rembg's name for the network."""
        return cls.session_name

    def predict(self, img: PILImage, *args: Any, **kwargs: Any) -> list[PILImage]:
        """The matte of a picture, as a list of one grey picture of the same size."""
        from feathercut.compat.rembg.pictures import as_grey
        from feathercut.options import Options

        if not self.session_name:
            raise NotImplementedError("A session of one's own says what its mattes are: override `predict`")
        return [as_grey(self.remover.apply(img, Options(decontaminate=0)).alpha)]

    @classmethod
    def download_models(cls, *args: Any, **kwargs: Any) -> str:
        """The path of the network's weights, fetched where they are not here yet."""
        from feathercut.models.catalogue import check_licence, find
        from feathercut.models.weights import locate
        from feathercut.settings import Settings

        settings = Settings.read()
        record = find(record_of(cls.session_name), settings.models)
        check_licence(record, "any", kwargs.get("accept_licence"))
        return str(locate(record, settings))

    @classmethod
    def is_local(cls, *args: Any, **kwargs: Any) -> bool:
        """Always: nothing is sent anywhere."""
        return True

    @classmethod
    def requires_credentials(cls, *args: Any, **kwargs: Any) -> bool:
        """Never."""
        return False

    @classmethod
    def has_usage_cost(cls, *args: Any, **kwargs: Any) -> bool:
        """Never."""
        return False

    @classmethod
    def checksum_disabled(cls, *args: Any, **kwargs: Any) -> bool:
        """Never: weights count only where their hash fits."""
        return False

    @classmethod
    def u2net_home(cls, *args: Any, **kwargs: Any) -> str:
        """The folder where rembg would look for weights first; it is looked in, and nothing is written there."""
        from feathercut.settings import Settings

        return str(Settings.read().rembg_folders[0])

    rembg_home = u2net_home
