"""What the screen sounds like: short sounds made here, a voice from espeak-ng, and whichever player the machine has."""
