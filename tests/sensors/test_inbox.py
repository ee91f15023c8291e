"""The queue between the broker's thread and the service's."""

import threading

from sensors.broker import Inbox
from sensors.broker.inbox import KEPT_MAX
from sensors.readings import Message


def message(topic: str, text: str = "") -> Message:
    """Return a message."""
    return Message(topic, text.encode())


def test_messages_come_out_in_order_and_once() -> None:
    inbox = Inbox()
    for number in range(3):
        inbox.put(message("a", str(number)))
    assert [one.payload for one in inbox.take(0).messages] == [b"0", b"1", b"2"]
    assert inbox.take(0).messages == ()


def test_past_its_bound_the_newest_of_each_topic_is_kept_and_the_rest_counted() -> None:
    inbox = Inbox(messages_max=2)
    for topic, text in (("a", "1"), ("b", "1"), ("a", "2"), ("b", "2"), ("a", "3"), ("a", "4")):
        inbox.put(message(topic, text))
    heard = inbox.take(0)
    assert [one.payload for one in heard.messages] == [b"1", b"1", b"4", b"2"]
    assert heard.dropped == 2
    assert inbox.take(0).dropped == 0


def test_bytes_are_bounded_too() -> None:
    inbox = Inbox(bytes_max=10)
    for text in ("x" * 10, "y", "z"):
        inbox.put(message("a", text))
    heard = inbox.take(0)
    assert [one.payload[:1] for one in heard.messages] == [b"x", b"z"]
    assert heard.dropped == 1


def test_waiting_ends_with_a_message_with_a_wake_or_with_time() -> None:
    inbox = Inbox()
    assert inbox.take(0.01).messages == ()
    waker = threading.Timer(0.01, inbox.wake)
    waker.start()
    assert inbox.take(30).is_woken
    waker.join()

    def tell() -> None:
        inbox.put(message("a"))
        inbox.rest()

    teller = threading.Timer(0.01, tell)
    teller.start()
    assert len(inbox.take(30).messages) == 1
    teller.join()


def test_a_burst_wakes_nobody_before_it_is_whole() -> None:
    inbox, taken = Inbox(), threading.Event()
    sizes: list[int] = []

    def take() -> None:
        sizes.append(len(inbox.take(30).messages))
        taken.set()

    taker = threading.Thread(target=take)
    taker.start()
    for number in range(3):
        inbox.put(message("a", str(number)))
        assert not taken.wait(0.01)
    inbox.rest()
    taker.join()
    assert sizes == [3]


def test_of_the_words_that_the_broker_kept_of_ours_a_bound_waits() -> None:
    inbox = Inbox()
    for number in range(KEPT_MAX + 5):
        inbox.put_kept(Message(f"a/{number}", b"x", retained=True))
    inbox.put_kept(Message("live", b"x"))
    kept = inbox.take(30).kept
    assert len(kept) == KEPT_MAX
    assert "live" not in {one.topic for one in kept}
    assert inbox.take(0).kept == ()
