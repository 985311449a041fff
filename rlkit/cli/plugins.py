"""`rlkit plugins`: what is installed, where it comes from, and how to write it in an experiment."""

from __future__ import annotations

import argparse
import textwrap
from typing import TYPE_CHECKING, Any

from rlkit.cli.page import Page

if TYPE_CHECKING:
    from rlkit.catalogue.catalogue import Catalogue, Entry
    from rlkit.catalogue.kinds import Kind

_EXAMPLES = """\
examples:
  rlkit plugins                            everything that is installed, and plugins that failed to load
  rlkit plugins explorations               one kind: what its components do, and which there are
  rlkit plugins exploration boltzmann      one component: parameters, defaults, paper, and YAML to paste
  rlkit plugins exploration my-package:ucb the one of that package, where two packages offer the name
  rlkit plugins broken                     the tracebacks of plugins that failed to load
  rlkit plugins --json                     the same for programs, as is each of the above"""

_BROKEN = "broken"
_JSON_FORMAT = 1


def add_parser(subparsers: Any) -> None:
    """Add the command to the program's parser."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "plugins",
        help="the parts that experiments can be made of",
        description="List the components that are installed, by kind, and explain each.\n"
        "A plugin is a Python package with an entry point in the group 'rlkit', installed beside rlkit.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("kind", metavar="KIND", nargs="?", help="a kind of component, in the singular or the plural")
    parser.add_argument("name", metavar="NAME", nargs="?", help="a component of that kind")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Print what was asked for. Raises UnknownKind, UnknownComponent and AmbiguousComponent."""
    from rlkit.catalogue.discovery import discover

    catalogue = discover()
    if args.json:
        import json

        print(json.dumps({"format": _JSON_FORMAT, **_data(args, catalogue)}, indent=2, ensure_ascii=False))
        return 0
    page = Page()
    if args.kind is None:
        _show_all(page, catalogue)
    elif args.kind == _BROKEN:
        _show_broken(page, args.name, catalogue)
    elif args.name is None:
        _show_kind(page, catalogue.kind(args.kind), catalogue)
    else:
        _show_component(page, catalogue.find(args.kind, args.name), catalogue)
    print(page)
    return 0


def _data(args: argparse.Namespace, catalogue: Catalogue) -> dict[str, Any]:
    from rlkit.catalogue.description import describe_catalogue, describe_component, describe_kind
    from rlkit.catalogue.example import yaml_example

    if args.kind is None:
        return describe_catalogue(catalogue)
    if args.kind == _BROKEN:
        return {"broken": describe_catalogue(catalogue)["broken"]}
    if args.name is None:
        return describe_kind(catalogue.kind(args.kind), catalogue)
    entry = catalogue.find(args.kind, args.name)
    return describe_component(entry, catalogue) | {"yaml": yaml_example(entry, catalogue)}


def _show_all(page: Page, catalogue: Catalogue) -> None:
    from rlkit.catalogue.description import first_sentence
    from rlkit.catalogue.plugins import CORE_DISTRIBUTION

    for kind in catalogue.kinds.values():
        page.text(f"{kind.plural}: {first_sentence(kind.doc)}")
        page.rows(_rows(kind, catalogue))
        page.lines.append("")
    core = [plugin.version for plugin in catalogue.plugins if plugin.distribution == CORE_DISTRIBUTION]
    if core:
        page.text(f"Components without a package's name come with {CORE_DISTRIBUTION} {core[0]}.")
    page.text(
        "'rlkit plugins KIND' explains a kind, 'rlkit plugins KIND NAME' a component, its parameters, and the YAML."
    )
    for plugin in catalogue.plugins:
        if plugin.loads_tensorflow:
            page.lines.append("")
            page.text(
                f"Plugin {plugin} takes {plugin.seconds:.1f} s to find, because it imports TensorFlow when it is "
                f"imported: {plugin.tensorflow_use}. Code that needs TensorFlow at once (a base class, @tf.function, "
                "'from keras import …') belongs in a module that 'build' imports."
            )
    if catalogue.broken:
        page.lines.append("")
        page.text("Broken plugins ('rlkit plugins broken' shows their tracebacks)")
        for broken in catalogue.broken:
            page.text(f"{broken}: {broken.error}", "  ")


def _rows(kind: Kind, catalogue: Catalogue) -> list[list[str]]:
    from rlkit.catalogue.description import documentation, first_sentence
    from rlkit.catalogue.plugins import CORE_DISTRIBUTION

    return [
        [
            catalogue.shortest_name(entry),
            ""
            if entry.plugin.distribution == CORE_DISTRIBUTION
            else f"{entry.plugin.distribution} {entry.plugin.version}",
            first_sentence(documentation(entry.component)),
        ]
        for entry in catalogue.entries(kind.name)
    ]


def _show_broken(page: Page, name: str | None, catalogue: Catalogue) -> None:
    wanted = [broken for broken in catalogue.broken if name in (None, broken.name)]
    for broken in wanted:
        page.text(f"{broken}: {broken.error}")
        if broken.details != broken.error:
            page.lines += ["", *textwrap.indent(broken.details, "  ").splitlines()]
        page.lines.append("")
    if not wanted:
        page.text(f"No plugin {'is' if name is None else f'called {name} is'} broken.")


def _show_kind(page: Page, kind: Kind, catalogue: Catalogue) -> None:
    from rlkit.catalogue.description import describe_kind

    known = describe_kind(kind, catalogue)
    page.text(f"{kind.name}: {kind.doc}")
    page.text(f"Defined by {kind.distribution}; a plugin offers components of this kind by the hook {kind.hook}.")
    page.lines.append("")
    page.text(f"What a component of this kind does ({known['contract']})")
    page.text(known["contract_doc"], "  ")
    for member in known["members"]:
        page.lines.append("")
        page.text(member["signature"], "  ")
        page.text(member["doc"], "      ")
    page.lines += ["", "Installed"]
    page.rows(_rows(kind, catalogue) or [["none"]])
    if known["taken_by"]:
        page.lines.append("")
        page.text(f"Taken by {'; '.join(known['taken_by'])}.")


def _show_component(page: Page, entry: Entry, catalogue: Catalogue) -> None:
    from rlkit.catalogue.description import describe_component
    from rlkit.catalogue.example import yaml_example

    known = describe_component(entry, catalogue)
    page.text(f"{entry.kind.name} {entry.name}, of plugin {entry.plugin}: {known['class']}")
    page.lines.append("")
    page.text(known["doc"] or "Its author has not documented it.")
    page.lines += ["", "Parameters" if known["parameters"] else "It has no parameters."]
    for parameter in known["parameters"]:
        _show_parameter(page, parameter)
    page.lines += ["", "YAML", *textwrap.indent(yaml_example(entry, catalogue), "  ").splitlines()]


def _show_parameter(page: Page, parameter: dict[str, Any]) -> None:
    import json

    default = "required" if parameter["required"] else f"default {json.dumps(parameter['default'], ensure_ascii=False)}"
    facts = [parameter["type"], default, *([parameter["range"]] if parameter["range"] else [])]
    page.text(f"{parameter['name']}: {', '.join(facts)}", "  ")
    if parameter["doc"]:
        page.text(parameter["doc"], "      ")
    if parameter["source"]:
        page.text(f"source: {parameter['source']}", "      ")
