"""placeholder"""
def import_files() -> None:
    """Later."""
def export_file() -> None:
    """Later."""
