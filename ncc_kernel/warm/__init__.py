"""The warm tower: one process that has imported everything, and forks.

It knows Jupyter and the standard library and nothing of the domain. `client` asks for a fork and
starts the template on first need; `template` is that process; `child` is what a fork becomes: an
ordinary kernel, or one call. `provisioner` and `engine` are how Jupyter and papermill come in.
Where there is no template to be had, everything is started cold and gives the same results.
"""
