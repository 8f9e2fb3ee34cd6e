"""Which scene belongs to which article, package, page or person of the demo."""

from collections.abc import Callable

from tools.illustrations import (
    emblems,
    landscapes,
    more_still_lifes,
    open_country,
    portraits,
    questions,
    still_lifes,
    waterside,
)
from tools.illustrations.canvas import Canvas
from tools.illustrations.palette import AMBER, CLAY, CORAL, DEEP, FERN, LEAF

Scene = Callable[[Canvas], None]

ARTICLES: dict[str, Scene] = {
    "always-tired": landscapes.drooping_flower_at_dawn,
    "bloating-and-gluten": landscapes.winding_path_through_wheat,
    "cholesterol-and-family-history": emblems.family_tree_with_golden_fruit,
    "fatty-liver-and-alcohol": emblems.glass_and_amber_drops_at_night,
    "hair-loss": landscapes.dandelion_in_the_wind,
    "high-blood-pressure-and-kidneys": emblems.two_lakes_and_their_rivers,
    "irregular-periods-and-pcos": landscapes.uneven_moons_over_waves,
    "low-libido-and-low-testosterone": landscapes.two_trees_apart_at_sunset,
    "neck-pain-and-dry-needling": emblems.cairn_and_slender_reeds,
    "new-partner-and-sti-worry": emblems.two_circles_under_one_leaf,
    "prediabetes-and-thirst": landscapes.desert_and_a_glass_of_water,
    "signs-of-an-underactive-thyroid": emblems.butterfly_over_cool_hills,
}

INSIDE_ARTICLES: dict[str, Scene] = {
    "always-tired-evening": waterside.moonlit_lake,
    "cholesterol-particles": waterside.golden_stream,
    "neck-pain-movement": waterside.bending_reeds,
}

PACKAGES: dict[str, Scene] = {
    "P1": still_lifes.tubes_with_cuttings,
    "P2": still_lifes.sunrise_with_oranges,
    "P3": still_lifes.heart_shaped_leaves,
    "P4": still_lifes.pear_and_sugar,
    "P5": still_lifes.butterfly_on_a_vase,
    "P6": more_still_lifes.beans_and_a_fan_leaf,
    "P7": more_still_lifes.moons_and_tulips,
    "P8": more_still_lifes.mountain_and_oak,
    "P9": more_still_lifes.wheat_and_bread,
    "P10": more_still_lifes.two_vessels_under_a_leaf,
}

QUESTIONS: dict[str, Scene] = {
    "before-you-buy": questions.open_door_and_path,
    "taking-the-sample": questions.drop_above_still_water,
    "results": questions.columns_on_a_meadow,
    "privacy-and-data": questions.keyhole_in_the_hedge,
    "payment-and-delivery": questions.boat_with_a_parcel,
}

SKINS, HAIRS, BACKGROUNDS = portraits.SKINS, portraits.HAIRS, portraits.BACKGROUNDS

PEOPLE: dict[str, portraits.Sitter] = {
    "ines-calloway": portraits.Sitter(portraits.bob, HAIRS[5], SKINS[1], CORAL, "coat", BACKGROUNDS[1]),
    "theo-marchbank": portraits.Sitter(
        portraits.short, HAIRS[2], SKINS[0], FERN, "shirt", BACKGROUNDS[5], bearded=True
    ),
    "amara-osei-lund": portraits.Sitter(portraits.curls, HAIRS[0], SKINS[4], AMBER, "round", BACKGROUNDS[0]),
    "helen-abara-voss": portraits.Sitter(
        portraits.bun, HAIRS[4], SKINS[3], LEAF, "coat", BACKGROUNDS[2], bespectacled=True
    ),
    "jonas-feldmark": portraits.Sitter(portraits.cropped, HAIRS[3], SKINS[5], DEEP, "coat", BACKGROUNDS[4]),
    "rukmini-thale": portraits.Sitter(portraits.long_hair, HAIRS[0], SKINS[2], CLAY, "coat", BACKGROUNDS[3]),
}

SCENES: dict[str, Scene] = {
    **ARTICLES,
    **INSIDE_ARTICLES,
    **PACKAGES,
    **QUESTIONS,
    **{key: portraits.portrait_of(sitter) for key, sitter in PEOPLE.items()},
    "home": landscapes.sunrise_over_the_valley,
    "portrait": portraits.bust,
    "landscape": open_country.open_country,
}


def scene_for(key: str, scene: str = "") -> Scene:
    """Give the function that draws a key, or the named scene; raises KeyError when that does not exist."""
    return SCENES[scene] if scene else SCENES.get(key, open_country.open_country)
