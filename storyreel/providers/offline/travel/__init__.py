"""How a painted picture goes on: a camera's way through its layers, what a picture tells of itself, and what lies
between two pictures of which nothing is known."""
