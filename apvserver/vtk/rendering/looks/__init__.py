"""How surfaces, volumes and whole scenes look: materials, their other sides, functions of volumes, light and tones."""
