"""Leave out what nobody can ever see.

Theory: a triangle is seen only from in front of its plane, and a plane that has no corner of a box before it has no
point of the box before it. So everything that faces away from all eight corners of the space where eyes can be may go.
Into a stall one looks through its opening, which makes that space small: the backs of all goods on the shelves go.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from yokocho.demo.mesh import Mesh, Vec, cross


def seen_from(mesh: Mesh, low: Vec, high: Vec) -> Mesh:
    """The mesh without the triangles that face away from every point of a box."""
    if not len(mesh.triangles):
        return mesh
    corners = np.array([[x, y, z] for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])])
    a, b, c = (mesh.positions[mesh.triangles[:, i]] for i in range(3))
    facing = cross(b - a, c - a)
    reach = facing @ corners.T - np.einsum("ij,ij->i", facing, a)[:, None]
    return replace(mesh, triangles=mesh.triangles[reach.max(axis=1) > 0])
