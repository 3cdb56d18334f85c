"""What only another process can show: peers that are killed, stopped or busy, what they listen at, hold and leave."""
