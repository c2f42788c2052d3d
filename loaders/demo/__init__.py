"""A synthetic district: the workbooks that a real one would hand over, with no real person in them.

District, streets and communities are the official ones; everything below the community is made up and
says so (示例数据). `generate` makes the rows, `write` puts them into workbooks, and they go in through the
loader like anyone's files.
"""
