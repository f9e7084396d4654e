"""codemerge: merge the reference data of hospital radiology systems, right or silent."""

__version__ = "0.1.0"
