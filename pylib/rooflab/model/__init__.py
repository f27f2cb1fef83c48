"""Pure physics: costs know no hardware, timings put them on a device."""
