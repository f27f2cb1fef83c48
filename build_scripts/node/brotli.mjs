// Pack standard input with Brotli: node brotli.mjs QUALITY <in >out
import fs from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";

const content = fs.readFileSync(0);
const params = {
  [constants.BROTLI_PARAM_QUALITY]: Number(process.argv[2]),
  [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
  [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
};
process.stdout.write(brotliCompressSync(content, { params }));
