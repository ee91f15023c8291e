"""Uplinks as network servers publish them, around whatever a device's codec has decoded."""

from datetime import UTC, datetime

CHIRPSTACK = "application/2f1e0a4c-7c1f-4d6e-9a0e-0d5f3b6a1c22/device/24e124000000a001/event/up"
THINGS_STACK = "v3/hub@samverk/devices/door-1/up"
DEDUPLICATION_ID = "0d5e1f2b-77aa-4c8f-9a1e-3b52c0ffee01"
RECEIVED = datetime(2026, 3, 2, 9, 14, 7, 123456, UTC)


def chirpstack(values: bytes, frame: bytes = b'"fCnt":41,') -> bytes:
    """Return a ChirpStack v4 uplink. The first of a session has no frame counter, which would be 0."""
    return (
        b'{"deduplicationId":"%s","time":"2026-03-02T09:14:07.123456789+00:00",'
        b'"deviceInfo":{"tenantId":"11111111-2222-4333-8444-555555555555","deviceName":"door-1",'
        b'"devEui":"24e124000000a001","tags":{}},"devAddr":"01a2b3c4","dr":1,%s"fPort":85,'
        b'"data":"A9JkAAAA","object":%s,"rxInfo":[{"gatewayId":"0016c00100000b02","rssi":-97,"snr":7.2}],'
        b'"txInfo":{"frequency":868100000}}'
    ) % (DEDUPLICATION_ID.encode(), frame, values)


def things_stack(values: bytes, frame: bytes = b'"f_cnt":41,') -> bytes:
    """Return an uplink of The Things Stack v3."""
    return (
        b'{"end_device_ids":{"device_id":"door-1","application_ids":{"application_id":"hub"},'
        b'"dev_eui":"24E124000000A001","dev_addr":"260B8A3C"},"correlation_ids":["gs:uplink:01"],'
        b'"received_at":"2026-03-02T09:14:08.001Z","uplink_message":{"f_port":85,%s"frm_payload":"A9JkAAAA",'
        b'"decoded_payload":%s,"rx_metadata":[{"rssi":-97}],"settings":{},'
        b'"received_at":"2026-03-02T09:14:07.123456789Z"}}'
    ) % (frame, values)
