"""Photographs that we make ourselves, so that their alpha and their foreground colours are known exactly.

`scenes.render` gives one scene as float arrays; `write.write_set` a folder of them. A scene is its seed:
the same seed gives the same picture. Methods are tuned on `seeds.TUNING`; `seeds.HELD_OUT` and
`seeds.MORE_HELD_OUT` are looked at once, at the end.
"""
