"""The distance of two places on Earth: what functions of plugins do, in size and kind."""

import math

from datasette import hookimpl


def distance(latitude, longitude, other_latitude, other_longitude):
    """Kilometres."""
    angles = (latitude, longitude, other_latitude, other_longitude)
    latitude, longitude, other_latitude, other_longitude = map(math.radians, angles)
    half = math.sin((other_latitude - latitude) / 2) ** 2
    cosines = math.cos(latitude) * math.cos(other_latitude)
    half += cosines * math.sin((other_longitude - longitude) / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(half))


@hookimpl
def prepare_connection(conn):
    """Registers it."""
    conn.create_function("distance", 4, distance)
