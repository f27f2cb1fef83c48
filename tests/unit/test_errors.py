from rooflab import errors


def test_every_error_is_a_lab_error():
    kinds = [getattr(errors, name) for name in errors.__all__]

    assert all(issubclass(each, errors.LabError) for each in kinds)


def test_malformed_input_is_a_value_error():
    assert issubclass(errors.BadDesign, ValueError)
    assert issubclass(errors.FactError, ValueError)
    assert issubclass(errors.LedgerUnreadable, ValueError)
