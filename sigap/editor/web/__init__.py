"""The pages of the workbench: they ask the editor's modules, and write HTML."""
