"""Text in observations as numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rlkit import ParameterError, component, parameter

if TYPE_CHECKING:
    import gymnasium
    import numpy as np
    import numpy.typing as npt


@component
class Words:
    """A part of a Dict observation that is text (BabyAI's mission), or a whole one, as zeros and ones.

    With a `vocabulary`, lower-case words: by default which of them occur (a bag of words); with `length`, which one
    stands in each of so many places, so that their order counts. Without a vocabulary the text is read by the
    characters of its space, one in each place: long texts of many characters make long vectors.
    """

    key: str | None = parameter(default=None, doc="of the part; null for an observation that is text itself")
    vocabulary: tuple[str, ...] = parameter(default=(), doc="the words; none for the characters of a Text space")
    length: int | None = parameter(default=None, doc="places; null for a bag of words", at_least=1)

    def __post_init__(self) -> None:
        if len(set(self.vocabulary)) != len(self.vocabulary):
            raise ParameterError("vocabulary", "found a word twice")
        for word in self.vocabulary:
            if _tokens(word) != [word]:
                raise ParameterError("vocabulary", f"found {word!r}; allowed: words in lower case, one by one")

    def wrap(self, environment: gymnasium.Env[Any, Any]) -> gymnasium.Env[Any, Any]:
        """See `Wrapper.wrap`. A word that is not in the vocabulary, and a text longer than `length`, are errors."""
        from gymnasium.spaces import Box, Dict
        from gymnasium.wrappers import TransformObservation

        space = environment.observation_space
        if self.key is None:
            if isinstance(space, Dict):
                raise ParameterError("key", f"is needed: the observation has the parts {', '.join(map(str, space))}")
            encoder = self._encoder(environment, space)
            return TransformObservation(environment, encoder, encoder.space)
        if not isinstance(space, Dict):
            raise ValueError(f"it reads Dict observations, and the observation is {space}; leave out key")
        if self.key not in space.spaces:
            raise ParameterError("key", f"found {self.key!r}; allowed: {', '.join(map(str, space.spaces))}")
        if isinstance(space.spaces[self.key], Box):
            raise ParameterError("key", f"found {self.key!r}, which is no text but {space.spaces[self.key]}")
        key, encoder = self.key, self._encoder(environment, space.spaces[self.key])

        def encode(observation: Any) -> Any:
            return {**observation, key: encoder(observation[key])}

        return TransformObservation(environment, encode, Dict({**space.spaces, key: encoder.space}))

    def _encoder(self, environment: gymnasium.Env[Any, Any], space: Any) -> _Encoder:
        from gymnasium.spaces import Text

        if self.vocabulary:
            return _Encoder({word: number for number, word in enumerate(self.vocabulary)}, self.length, by_word=True)
        if not isinstance(space, Text):
            observation, _ = environment.reset(seed=0)
            text = observation if self.key is None else observation[self.key]
            said = f"is needed: {type(space).__name__} does not say its characters"
            raise ParameterError("vocabulary", f"{said}; an episode shows {text!r}")
        places = {character: number for number, character in enumerate(sorted(space.character_set))}
        return _Encoder(places, self.length or int(space.max_length), by_word=False)


class _Encoder:
    """From a text to zeros and ones."""

    def __init__(self, places: dict[str, int], length: int | None, *, by_word: bool) -> None:
        import numpy as np
        from gymnasium.spaces import Box

        self._places, self._length, self._by_word = places, length, by_word
        self.space = Box(0, 1, ((length or 1) * len(places),), np.uint8)

    def __call__(self, text: Any) -> npt.NDArray[np.uint8]:
        import numpy as np

        if not isinstance(text, str):
            raise ValueError(f"found {type(text).__name__} {text!r} where the wrapper words reads text")
        tokens, found = _tokens(text) if self._by_word else list(text), np.zeros(self.space.shape, np.uint8)
        if self._length is not None and len(tokens) > self._length:
            raise ValueError(f"the text {text!r} is longer than the {self._length} places of the wrapper words")
        for place, token in enumerate(tokens):
            if token not in self._places:
                raise ValueError(f"the wrapper words has no {token!r} in its vocabulary (in the text {text!r})")
            found[(0 if self._length is None else place * len(self._places)) + self._places[token]] = 1
        return found


def _tokens(text: str) -> list[str]:
    """Words in lower case, without punctuation."""
    return re.findall(r"[^\W_]+(?:[-'][^\W_]+)*", text.lower())
