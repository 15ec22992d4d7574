"""The networks, written from their papers (U-Net, U²-Net, U²-Net-p, IS-Net), and a small one of our own."""
