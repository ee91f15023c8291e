"""The hub's broker: mosquitto's configuration, who may say what on it, and the certificates that say who is who."""
