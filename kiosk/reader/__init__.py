"""Badge readers: equal drivers behind one narrow door (`driver`). They read cards; what a tap means is the desk's."""
