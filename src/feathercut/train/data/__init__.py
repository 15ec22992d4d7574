"""Photos with their mattes: a folder of them, checked, read in flat memory, varied, and handed out in batches."""

from feathercut.train.data.augment import augment
from feathercut.train.data.augmentation import Augmentation, augmentation_of
from feathercut.train.data.batches import Batch, batches
from feathercut.train.data.pair import Pair
from feathercut.train.data.pairs import Pairs
from feathercut.train.data.split import Part, split

__all__ = ["Augmentation", "Batch", "Pair", "Pairs", "Part", "augment", "augmentation_of", "batches", "split"]
