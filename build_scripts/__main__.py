"""Build, serve, test and measure Rooflab: `python3 build_scripts serve | build | test | bench | clean`."""

from __future__ import annotations

import argparse
import sys

from console import BuildError, say

ALONE = ("killed", "machine")
FIGURES = ("start", "second-visit", "round-trip", "memory", "model", "moved")


def main() -> int:
    """Run one command; a failure that the user can act on is a sentence, not a traceback."""
    parser = argparse.ArgumentParser(prog="python3 build_scripts", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="build the site, serve it on this machine, open it, and show what changes in the sources")
    serve.add_argument("--port", type=int, default=8765, help="port on the loopback address (default 8765)")
    serve.add_argument("--no-open", action="store_true", help="do not open a browser")
    serve.add_argument("--published", action="store_true", help="serve dist/site as any host would, and watch nothing")
    built = commands.add_parser("build", help="make dist/site and dist/rooflab-offline.zip, as small as they get, which takes minutes")
    built.add_argument("--quick", action="store_true", help="pack in seconds: a fifth larger, unless it was packed before")
    test = commands.add_parser("test", help="build, then run the whole test suite")
    test.add_argument("pytest", nargs="*", help="words for pytest, such as tests/unit or -k ledger")
    bench = commands.add_parser("bench", help="measure the start, the round trip, the model and its memory, and prove every mission")
    bench.add_argument("--runs", type=_count, default=5, help="starts of each kind (default 5)")
    bench.add_argument("--variants", type=_count, default=200, help="variants of each mission to prove (default 200)")
    bench.add_argument("--against", metavar="COMMIT", help="measure that commit and this tree in turn; --runs gives the pairs")
    bench.add_argument("--journeys", type=_count, default=200, help="journeys to cut off (default 200)")
    bench.add_argument("--only", nargs="+", choices=(*FIGURES, *ALONE), help="with --against: these figures alone; without: killed or machine alone")
    commands.add_parser("clean", help="delete build/ and dist/")
    words, more = parser.parse_known_args()
    if more and words.command != "test":
        parser.error(f"unknown words: {' '.join(more)}")
    if words.command == "bench" and words.only and not _goes(words.only, against=words.against):
        parser.error(f"--only goes with --against, except for {' and '.join(ALONE)}, each of which goes alone")
    try:
        return _run(words, more)
    except BuildError as error:
        say(f"\n{error}")
        return 1
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if error.errno == 28:
            say(f"\nThe disk is full: {error.filename or 'a file'} could not be written. Free about 1 GB and run the command again.")
            return 1
        raise


def _run(words: argparse.Namespace, more: list[str]) -> int:
    if words.command == "clean":
        import clean

        return clean.clean()
    import setup

    setup.enter_venv()
    import build
    from packed import packed_quickly

    if words.command == "build":
        build.build(*([packed_quickly] if words.quick else []))
        return 0
    if words.command == "serve":
        import watch

        site = build.build_site()
        if words.published:
            return watch.serve_published(site, port=words.port, open_browser=not words.no_open)
        return watch.serve_watched(port=words.port, open_browser=not words.no_open)
    if words.command == "test":
        import suite

        return suite.run([*words.pytest, *more])
    if words.against:
        import bench_against

        return bench_against.bench_against(words.against, runs=words.runs, only=words.only)
    import bench

    if words.only == ["killed"]:
        return bench.bench_killed(words.journeys)
    if words.only == ["machine"]:
        return bench.bench_machine()
    return bench.bench(runs=words.runs, variants=words.variants, journeys=words.journeys)


def _goes(only: list[str], *, against: str | None) -> bool:
    """Say whether these figures may be asked for: some need two trees, the others need one."""
    return not set(ALONE) & set(only) if against else len(only) == 1 and only[0] in ALONE


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
