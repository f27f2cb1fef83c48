/**
 * The memory of a thread that measures.
 *
 * exports memoryFor(rows) -> WebAssembly.Memory
 */

import { arraysOf } from "./kernels.js";
import { placesOf } from "./layout.js";
import { Refusal } from "./refusal.js";

const PAGE = 65536;

/**
 * A memory with room for any one of the rows.
 * @param {import("./kernels.js").Row[]} rows
 * @throws {Refusal} the browser has none to give
 */
export function memoryFor(rows) {
  const pages = Math.ceil(Math.max(...rows.map((row) => placesOf(arraysOf(row)).end)) / PAGE);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch (error) {
    throw new Refusal("no-memory", String(error)); // browsers differ in the kind of error
  }
}
