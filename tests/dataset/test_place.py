"""File names say nothing."""

from chosho.dataset.place import new_file_id, part_path


def test_a_file_stands_in_the_data_folder_under_a_random_id():
    one, two = new_file_id(), new_file_id()
    assert one != two
    assert (len(one), part_path(one, ".age")) == (32, f"data/{one}.age")
