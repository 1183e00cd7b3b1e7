// Keeps a folder that has no source yet a library.
