"""The networks, written from their papers: U-Net, U²-Net, U²-Net-p and IS-Net."""
