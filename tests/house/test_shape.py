"""Every module says what it is for and stays small enough to be read at once."""

import ast
from typing import Any

MODULE_LINES_MAX = 300
TEST_MODULE_LINES_MAX = 400
FUNCTION_LINES_MAX = 50


def _too_long(modules: list[Any], lines_max: int) -> list[str]:
    lengths = {str(module.path): module.text.count("\n") for module in modules}
    return [f"{path}: {lines} lines" for path, lines in lengths.items() if lines > lines_max]


def _long_functions(modules: list[Any]) -> list[str]:
    found = []
    for module in modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES_MAX:
                    found.append(f"{module.path}:{node.lineno} {node.name}: {lines} lines")
    return found


def test_every_module_begins_with_a_sentence_about_what_it_is_for(modules: list[Any]) -> None:
    bare = [str(module.path) for module in modules if not ast.get_docstring(module.tree)]
    assert not bare, f"write one sentence at the top that says what is in here: {bare}"


def test_no_module_is_longer_than_three_hundred_lines(modules: list[Any]) -> None:
    long = _too_long(modules, MODULE_LINES_MAX)
    assert not long, f"split by meaning, at most {MODULE_LINES_MAX} lines: {long}"


def test_no_test_module_is_longer_than_four_hundred_lines(test_modules: list[Any]) -> None:
    long = _too_long(test_modules, TEST_MODULE_LINES_MAX)
    assert not long, f"split by meaning, at most {TEST_MODULE_LINES_MAX} lines: {long}"


def test_no_function_is_longer_than_fifty_lines(modules: list[Any], test_modules: list[Any]) -> None:
    long = _long_functions([*modules, *test_modules])
    assert not long, f"give parts of it a name of their own, at most {FUNCTION_LINES_MAX} lines: {long}"


def test_the_files_that_make_packages_hold_a_sentence_and_nothing_else(modules: list[Any]) -> None:
    more = [str(m.path) for m in modules if m.path.name == "__init__.py" and len(m.tree.body) > 1]
    assert not more, f"import by full path instead of gathering names here: {more}"
