"""A loaded network that removes backgrounds, and the function that keeps one ready."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from types import TracebackType
from typing import Self

from feathercut.applying import apply_predictor, apply_without_network, each_by_predictor, each_without_network
from feathercut.engines import Engine
from feathercut.in_order import InOrder, Turn
from feathercut.kernels.few_pixels import has_few
from feathercut.kernels.side_by_side import at_work
from feathercut.keywords import method_takes, takes
from feathercut.loading import Loaded, agreed, load_depth, load_enlarger, runs_at_once
from feathercut.loading import load as load_networks
from feathercut.models.sources import Progress
from feathercut.models.spec import Record
from feathercut.options import Network, Options, Refine, RemoveOptions
from feathercut.pictures import Animation, FloatArray, Image, Prediction
from feathercut.result import Result
from feathercut.settings import Settings
from feathercut.shared import Shared
from feathercut.sources import Source, is_decoded, load, refuse_single
from feathercut.steps.afar import afar
from feathercut.steps.closer import closer, drawn_closer
from feathercut.steps.confine import on_any_size
from feathercut.steps.enlarge import enlarge
from feathercut.steps.predict import nearness, predict
from feathercut.system import usable_cores

# While the network looks at one photo with all processors, another one is read or finished in the gaps.
_OVERLAPPED = 2
_PIXELS_AT_ONCE = 32e6


class Remover:
    """A loaded network: make it once, use it for many photos, from any thread.

    From the second photo on it keeps the memory that its networks ran in, 0.2 GB of the default's, until it is closed.
    Takes the options of the network: `model`, `quality`, `device`, `licence`, `accept_licence`, `network_size`.
    Raises UnknownModelError, LicenceError, WeightsError, DeviceError or NetworkError.

    >>> with Remover.from_engine(half_engine(), tiny_record()) as remover:
    ...     float(remover.remove(np.zeros((4, 4, 3), np.uint8)).alpha.max())
    0.5
    """

    @takes(Network)
    def __init__(self, network: Network) -> None:
        self._load(network, None, 1)

    @classmethod
    def open(cls, network: Network, progress: Progress | None = None, at_once: int = 1) -> Self:
        """The same from an options value; `progress` hears of weights being fetched.

        It is called with (name, bytes done, bytes in all or None). On the CPU the networks look at `at_once`
        photos at a time, which share the processors; on other devices, at one.
        """
        remover = cls.__new__(cls)
        remover._load(network, progress, at_once)
        return remover

    @classmethod
    def from_engine(
        cls,
        engine: Engine,
        record: Record,
        network_size: int | None = None,
        second: tuple[Engine, Record] | None = None,
    ) -> Self:
        """A remover around an engine of one's own, as tests do with `StubEngine`, perhaps with a second one."""
        remover = cls.__new__(cls)
        remover._set([Loaded(engine, record, network_size), *([Loaded(*second)] if second else [])])
        return remover

    _has_batches = False

    def _load(self, network: Network, progress: Progress | None, at_once: int) -> None:
        self._has_batches = network.batch_size > 1
        runs = runs_at_once(network, at_once)
        self._set(load_networks(network, progress, runs), runs, network)

    def _set(self, networks: Sequence[Loaded], runs: int | None = None, chosen: Network | None = None) -> None:
        # Each run has the threads that its network was loaded with: more at a time would only be in each other's way.
        self._runs = nullcontext() if runs is None else threading.BoundedSemaphore(runs)
        self._at_once = max(runs or 1, _OVERLAPPED)
        self._networks = networks
        self._model = networks[0].record.id if chosen is None else chosen.model
        self._has_seen = False
        self._chosen, self._depth_lock = chosen, threading.Lock()
        self._depth: Loaded | None = None
        self._enlarger: Loaded | None = None

    @property
    def record(self) -> Record:
        """What the network that draws is."""
        return self._networks[0].record

    @property
    def bytes(self) -> int:
        """The size of all graphs that run."""
        return sum(network.bytes for network in self._networks)

    def predict(self, image: Image, options: Refine | None = None) -> tuple[Prediction, ...]:
        """What the networks make of one picture, each at its own size; the one that draws comes first.

        They are not asked for what `options` has no use for. From the second picture on they keep the memory that they
        run in, until they are closed.
        """
        if self._has_seen:
            for one in self._networks:
                one.keep_memory()
        self._has_seen = True
        from_afar = options is None or options.low_resolution == "auto"
        with self._runs:
            return answers(image, self._networks, from_afar=from_afar)

    def nearness(self, image: Image) -> FloatArray:
        """How near each place of a picture is, h×w in [0, 1], by the `depth_model`, which the first call loads.

        Raises UnknownModelError, LicenceError, OptionError, WeightsError or NetworkError.
        """
        with self._depth_lock:
            if self._depth is None:
                self._depth = load_depth(self._chosen or Network())
        with self._runs:
            return nearness(image, self._depth.record, self._depth.engine)

    def _enlarged(self, source: Source, options: Options) -> tuple[Animation, Options]:
        """The photo as the `enlarge_model` makes it, and options that mean the same places in it."""
        photos = load(source, options)
        options = on_any_size(options, photos.frames[0].size)
        with self._depth_lock:
            if self._enlarger is None:
                self._enlarger = load_enlarger(self._chosen or Network())
        most = options.max_megapixels * 1e6 / len(photos.frames)
        with self._runs:
            frames = tuple(enlarge(one, self._enlarger.record, self._enlarger.engine, most) for one in photos.frames)
        return Animation(frames, photos.durations_ms, photos.loop), options

    @method_takes(Options)
    def remove(self, source: Source, options: Options) -> Result:
        """The cutout of one photo: a path, bytes, an open file, a Pillow image, an array or an Image.

        Takes every option of the steps. A file of an animation gives all of its frames, a Pillow image
        the one that it shows. Raises InputError, ShapeError, OptionError or NetworkError.
        """
        return self.apply(source, options)

    def apply(self, source: Source, options: Options, *, is_spent: bool = False, is_diagnosed: bool = True) -> Result:
        """As `remove`, with the options as one value.

        `is_spent` says that nobody looks at the source again: a picture's memory may become the cutout's. Without
        `is_diagnosed` there is no report, as where nobody asks for one.
        """
        if not options.needs_network:
            return apply_without_network(source, options, is_spent=is_spent, is_diagnosed=is_diagnosed)
        if self._chosen is not None and self._chosen.enlarge_model is not None:
            source, options = self._enlarged(source, options)
            is_spent = True
        return apply_predictor(
            source,
            options,
            self.predict,
            self._model,
            nearness=self.nearness,
            is_spent=is_spent,
            is_diagnosed=is_diagnosed,
        )

    @method_takes(Options)
    def remove_each(self, source: Source, options: Options) -> Iterator[Result]:
        """A result for each subject of one photo alone, in the order of their numbers; none where there is no subject.

        `subject` says for which of them. The network looks once. `result.subjects` has all of them, the one that the
        result shows as `kept`. Raises as `remove` does, and OptionError for an animation.
        """
        return self.apply_each(source, options)

    def apply_each(self, source: Source, options: Options) -> Iterator[Result]:
        """As `remove_each`, with the options as one value."""
        if not options.needs_network:
            return each_without_network(source, options)
        if self._chosen is not None and self._chosen.enlarge_model is not None:
            source, options = self._enlarged(source, options)
        return each_by_predictor(source, options, self.predict, self._model, nearness=self.nearness)

    @method_takes(Options)
    def batch(self, sources: Iterable[Source], options: Options) -> Iterator[Result]:
        """The cutouts of many photos, in order.

        While one is used the next are worked on, by threads that end with the iterator: at most two photos, or a batch,
        are taken from `sources` beyond the one that is waited for, fewer where they are large. Nothing is taken before
        the first is asked for; what is taken must stay as it is, an open file open, until its result is there. What is
        wrong with a photo is raised in its turn, and ends the iterator. Raises
        OptionError where `sources` is one photo, not many.
        """
        refuse_single(sources)
        return self._batch(sources, options)

    def _batch(self, sources: Iterable[Source], options: Options) -> Iterator[Result]:
        def work(source: Source, turn: Turn) -> Result:
            with at_work():
                photo = load(source, options, turn.take_room)
                turn.take_room(0)  # what has no file lets those behind it in
                turn.go_on()
                return self.apply(photo, options, is_spent=is_decoded(source))

        # Whoever waits for the rest of a batch keeps no processor busy.
        workers, ahead = (
            (self._at_once, self._at_once) if self._has_batches else (min(self._at_once, usable_cores()), _OVERLAPPED)
        )
        with InOrder(work, sources, workers=workers, ahead=ahead, most=_PIXELS_AT_ONCE, keeps_room=True) as results:
            yield from results

    def close(self) -> None:
        """Frees the network; closing twice is harmless, using it afterwards raises NetworkError."""
        for network in self._networks:
            network.engine.close()
        for beside in (self._depth, self._enlarger):
            if beside is not None:
                beside.engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def remover_of(networks: Sequence[Loaded], runs: int, chosen: Network | None = None) -> Remover:
    """A remover of networks that `loading.load` gave for `chosen`, to look at `runs` photos at a time."""
    remover = Remover.__new__(Remover)
    remover._set(networks, runs, chosen)
    return remover


def answers(image: Image, networks: Sequence[Loaded], *, from_afar: bool = True) -> tuple[Prediction, ...]:
    """What each network answers of a picture, behind it its twins and what it sees from afar; the first one draws."""
    from_afar = from_afar and has_few(image.size)
    # The last looks first: of networks that are still being loaded it is the first to be there.
    looks = [predict(image, one.record, one.engine, one.network_size) for one in reversed(networks)][::-1]
    found: list[Prediction] = []
    for one, seen in zip(networks, looks, strict=True):
        asked = one.record, one.engine, one.network_size
        found.append(closer(image, found[0], seen, *asked) if found and one.is_closer else seen)
        if one.is_mirrored:
            found.append(predict(image, *asked, is_mirrored=True))
        if one.is_farther and from_afar and (again := afar(image, found[0], seen, *asked)):
            found.append(again)
        if one is networks[0] and one.is_closer and (twin := drawn_closer(image, seen, *asked)):
            found.append(twin)
    return tuple(found)


_removers: Shared[Network, Remover] = Shared(Remover.open, lambda remover: remover.bytes)


@takes(RemoveOptions)
def remove(source: Source, options: RemoveOptions) -> Result:
    """The cutout of a photo: a path, bytes, an open file, a Pillow image, an array or an Image.

    Takes every option of the network and of the steps as keywords. The network is loaded at the first
    call and kept for the next, within `FEATHERCUT_CACHE_BYTES`; a `Remover` gives it a life of your
    own. With a `trimap` none is looked at or loaded. A file of an animation gives all of its frames, a
    Pillow image the one that it shows. Raises FeathercutError in one of its kinds.
    """
    if not options.needs_network:
        return apply_without_network(source, options)
    return _kept_ready(options).apply(source, options)


@takes(RemoveOptions)
def remove_each(source: Source, options: RemoveOptions) -> Iterator[Result]:
    """A result for each subject of a photo alone, in the order of their numbers; none where there is no subject.

    Takes what `remove` takes; `subject` says for which of them. The network looks once. Raises as `remove` does, and
    OptionError for an animation.
    """
    if not options.needs_network:
        return each_without_network(source, options)
    return _kept_ready(options).apply_each(source, options)


def _kept_ready(options: RemoveOptions) -> Remover:
    chosen = Network(**{name: getattr(options, name) for name in Network.model_fields})
    settings = Settings.read()
    return _removers.get(agreed(chosen, settings), settings.cache_bytes)


def unload() -> None:
    """Frees the networks that `remove` keeps ready."""
    _removers.clear()
