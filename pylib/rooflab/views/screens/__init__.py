"""The screens over whole ledgers: report, class, replay, import."""
