from servermanager import *  # noqa: F403  # the names of its __all__
