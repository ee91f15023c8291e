"""The sensors wing: from MQTT messages to what can honestly be said of each zone."""
