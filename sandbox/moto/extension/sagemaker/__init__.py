"""SageMaker Studio: domains, their users, spaces and apps, and what these share. moto has little of it.

`studio` serves every kind of resource alike; the other modules say what is particular to each kind.
"""

from . import studio

PARTS = (studio,)
