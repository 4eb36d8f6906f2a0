"""The small languages inside the values of extensions.conf, one module each."""
