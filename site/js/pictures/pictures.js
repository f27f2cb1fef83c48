/**
 * Every living picture, and the stage that they are drawn on; loaded once the lab is live and a bench is open.
 *
 * exports openPictures(post) -> Stage
 */
import * as earbud from "./earbud.js";
import * as glasses from "./glasses.js";
import * as roof from "./roof.js";
import * as serving from "./serving.js";
import { openStage } from "./stage.js";
import * as tiles from "./tiles.js";
import * as vehicle from "./vehicle.js";

const MODULES = { earbud, glasses, roof, serving, tiles, vehicle };

/** @param {(message: object) => void} post */
export const openPictures = (post) => openStage({ post, modules: MODULES });
