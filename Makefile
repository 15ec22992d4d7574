# Feathercut's one door: people and .ci/run call the same commands.
