"""Gymnasium's environments, the kind of part that changes them, wrappers, and recorded data."""

from __future__ import annotations

from collections.abc import Mapping

from rlkit import Environment, RecordedData, hookimpl, hookspec
from rlkit_gymnasium.contracts.wrapper import Wrapper
from rlkit_gymnasium.data.minari import MinariData
from rlkit_gymnasium.environment import GymnasiumEnvironment
from rlkit_gymnasium.wrappers.atari_preprocessing import AtariPreprocessing
from rlkit_gymnasium.wrappers.discretize_actions import DiscretizeActions
from rlkit_gymnasium.wrappers.episodic_life import EpisodicLife
from rlkit_gymnasium.wrappers.fire_on_reset import FireOnReset
from rlkit_gymnasium.wrappers.flatten import Flatten
from rlkit_gymnasium.wrappers.frame_stack import FrameStack
from rlkit_gymnasium.wrappers.grayscale import Grayscale
from rlkit_gymnasium.wrappers.keep_key import KeepKey
from rlkit_gymnasium.wrappers.keep_keys import KeepKeys
from rlkit_gymnasium.wrappers.mask_in_observation import MaskInObservation
from rlkit_gymnasium.wrappers.max_and_skip import MaxAndSkip
from rlkit_gymnasium.wrappers.minigrid_image import MiniGridImage
from rlkit_gymnasium.wrappers.normalize_observations import NormalizeObservations
from rlkit_gymnasium.wrappers.normalize_rewards import NormalizeRewards
from rlkit_gymnasium.wrappers.number_actions import NumberActions
from rlkit_gymnasium.wrappers.observation_clip import ObservationClip
from rlkit_gymnasium.wrappers.observation_scale import ObservationScale
from rlkit_gymnasium.wrappers.resize import Resize
from rlkit_gymnasium.wrappers.reward_clip import RewardClip
from rlkit_gymnasium.wrappers.reward_scale import RewardScale
from rlkit_gymnasium.wrappers.sticky_actions import StickyActions
from rlkit_gymnasium.wrappers.time_limit import TimeLimit
from rlkit_gymnasium.wrappers.words import Words

RLKIT_API = 1


@hookimpl
def rlkit_environments() -> Mapping[str, type[Environment]]:
    """All that is registered with Gymnasium."""
    return {"gymnasium": GymnasiumEnvironment}


@hookimpl
def rlkit_recorded_data() -> Mapping[str, type[RecordedData]]:
    """Data sets of Minari."""
    return {"minari": MinariData}


# This package's own kind: the function is both the hook's specification, whose return type names the contract, and
# this package's own implementation of it.


@hookspec
@hookimpl
def rlkit_wrappers() -> Mapping[str, type[Wrapper]]:
    """Changes to an environment, one by one: what it shows, accepts, rewards."""
    return {
        "atari_preprocessing": AtariPreprocessing,
        "discretize_actions": DiscretizeActions,
        "episodic_life": EpisodicLife,
        "fire_on_reset": FireOnReset,
        "flatten": Flatten,
        "frame_stack": FrameStack,
        "grayscale": Grayscale,
        "keep_key": KeepKey,
        "keep_keys": KeepKeys,
        "mask_in_observation": MaskInObservation,
        "max_and_skip": MaxAndSkip,
        "minigrid_image": MiniGridImage,
        "normalize_observations": NormalizeObservations,
        "normalize_rewards": NormalizeRewards,
        "number_actions": NumberActions,
        "observation_clip": ObservationClip,
        "observation_scale": ObservationScale,
        "resize": Resize,
        "reward_clip": RewardClip,
        "reward_scale": RewardScale,
        "sticky_actions": StickyActions,
        "time_limit": TimeLimit,
        "words": Words,
    }
