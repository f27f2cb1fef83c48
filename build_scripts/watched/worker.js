// Python's worker while the sources are watched; in no published file.
import "./told.js";
import "../../site/js/worker/worker.js";
