"""Who waits for the gate with a limit gives up in time, and leaves nothing held behind."""

import pytest

from newsletter.database.gate import Gate, TooLong


def test_a_gate_that_is_held_is_given_up_and_free_for_others_after(tmp_path):
    file = str(tmp_path / "x-gate")
    holder, other = Gate(file), Gate(file, patience=0.05)
    holder.enter()
    for _ in range(3):
        with pytest.raises(TooLong, match="database is locked"):
            other.enter()
    holder.leave()
    patient = Gate(file)
    patient.enter()  # those who gave up and got it late let go of it
    patient.leave()
    late = Gate(file, patience=10)
    late.enter()
    late.enter()
    late.leave()
    late.leave()
    for gate in (holder, other, patient, late):
        gate.close()


def test_a_gate_that_comes_free_in_time_is_taken(tmp_path):
    import threading

    file = str(tmp_path / "x-gate")
    holder, other = Gate(file), Gate(file, patience=10)
    holder.enter()
    entered = threading.Event()
    thread = threading.Thread(target=lambda: (other.enter(), entered.set()))
    thread.start()
    holder.leave()
    assert entered.wait(10)
    with pytest.raises(TooLong):
        Gate(file, patience=0.01).enter()
    other.leave()
    thread.join()
    holder.close()
    other.close()
