"""What a hub is made of, for whoever must answer for it: bill of materials, licences, install without a network.

`python -m deploy.supply FOLDER` makes all of it from requirements/run.txt, in a checkout with the development tools.
"""
