"""What a list at the root answers."""

__all__ = ["titles"]


def titles(ask, name, arguments):
    nodes = ask(f"{{ list: {name}({arguments}) {{ nodes {{ title }} totalCount }} }}")["list"]
    assert nodes["totalCount"] == len(nodes["nodes"])
    return [node["title"] for node in nodes["nodes"]]
