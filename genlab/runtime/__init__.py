"""Where computing happens: processes beside the server. The server's side imports neither torch nor Streamlit.

``wire`` is what browsers speak with; ``visitors`` knows who they are, ``questions`` what they may ask, and ``broker``
whose turn it is. ``engine`` starts and ends the processes and asks the interactive ones; ``jobs`` and ``job`` drive
trainings, each in a process of its own; ``process``, ``actor``, ``remote`` and ``rpc`` are how a process is started,
spoken to, held and called. In the processes run ``worker`` (their main program), ``answers`` and what it goes on to
(what pages ask for) and ``job_actor`` (a training); all but the first use torch and are only named by dotted paths.
"""
