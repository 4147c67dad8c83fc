"""Where computing happens: processes beside the server. The server's side imports neither torch nor Streamlit.

``wire`` is what browsers speak with; ``visitors`` knows who they are, ``questions`` what they may ask, and ``broker``
whose turn it is. ``engine`` starts and ends the processes and asks the interactive ones; ``jobs`` and ``job`` drive
trainings, each in a process of its own; ``process``, ``hosted`` and ``trampoline`` are how a process is started, held
and called. In the processes run ``worker`` (their main program), ``tasks`` (what pages ask for) and ``job_actor`` (a
training); the last two use torch and are only ever named by dotted paths.
"""
