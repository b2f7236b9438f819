# --- wrong: the last column
# fails: takes each row's output at its last real step, also for a batch of one
# message: the last column was taken
#-    return H[torch.arange(len(H)), lengths - 1]
#+    return H[:, -1]

# --- wrong: squeeze loses the axis of a batch of one
# fails: takes each row's output at its last real step, also for a batch of one
# message: also for a batch of one
#-    return H[torch.arange(len(H)), lengths - 1]
#+    index = (lengths - 1)[:, None, None].expand(-1, 1, H.shape[2])
#+    return H.gather(1, index).squeeze()

# --- wrong: every column for every row
# fails: takes each row's output at its last real step, also for a batch of one
# message: takes these columns of every row
#-    return H[torch.arange(len(H)), lengths - 1]
#+    return H[:, lengths - 1]

# --- wrong: one step too far, held inside
# fails: takes each row's output at its last real step, also for a batch of one
# message: it is one step too far
#-    return H[torch.arange(len(H)), lengths - 1]
#+    return H[torch.arange(len(H)), lengths.clamp(max=H.shape[1] - 1)]

# --- wrong: the end of the longest row
# fails: takes each row's output at its last real step, also for a batch of one
# message: one column was taken for all rows
#-    return H[torch.arange(len(H)), lengths - 1]
#+    return H[:, int(lengths.max()) - 1]

# --- wrong: real steps are added up
# fails: takes each row's output at its last real step, also for a batch of one
# message: the steps were added up
#-    return H[torch.arange(len(H)), lengths - 1]
#+    real = torch.arange(H.shape[1])[None] < lengths[:, None]
#+    return (H * real[:, :, None]).sum(dim=1)

# --- wrong: the last step that is not zero
# fails: keeps the laws, and gradients flow to those steps alone
# message: .
def last_valid(H, lengths):
    rows = []
    for row in H:
        real = row.abs().sum(dim=1) > 0
        rows.append(row[int(real.nonzero().max())] if real.any() else row[0])
    return torch.stack(rows)

# --- wrong: lengths are changed
# fails: keeps the laws, and gradients flow to those steps alone
# message: caller's lengths was changed
#-    return H[torch.arange(len(H)), lengths - 1]
#+    lengths -= 1
#+    return H[torch.arange(len(H)), lengths]

# --- wrong: no gradient comes back
# fails: keeps the laws, and gradients flow to those steps alone
# message: A gradient of the result flows back
#-    return H[torch.arange(len(H)), lengths - 1]
#+    return torch.from_numpy(H.detach().numpy()[np.arange(len(H)), lengths.numpy() - 1])

# --- wrong: always float32
# fails: takes each row's output at its last real step, also for a batch of one
# message: The result has the dtype of H|gave the last outputs
#-    return H[torch.arange(len(H)), lengths - 1]
#+    return H[torch.arange(len(H)), lengths - 1].float()

# --- wrong: a mask that multiplies
# fails: takes each row's output at its last real step, also for a batch of one
# message: 0 · inf is nan
def last_valid(H, lengths):
    last = F.one_hot(lengths - 1, H.shape[1]).to(H.dtype)
    return torch.einsum("bt,bth->bh", last, H)

# --- wrong: a view where nothing is padding
# fails: keeps the laws, and gradients flow to those steps alone
# message: What a call returns is the caller's
#+    if (lengths == H.shape[1]).all():
#+        return H[:, -1]
#=    return H[torch.arange(len(H)), lengths - 1]

# --- wrong: gradients reach the last column too
# fails: keeps the laws, and gradients flow to those steps alone
# message: A gradient of the result flows back
#-    return H[torch.arange(len(H)), lengths - 1]
#+    last = H[:, -1]
#+    return H[torch.arange(len(H)), lengths - 1].detach() + last - last.detach()

# --- right: gather
def last_valid(H, lengths):
    index = (lengths - 1).view(-1, 1, 1).expand(-1, -1, H.size(2))
    return H.gather(1, index).squeeze(1)

# --- right: row by row
def last_valid(H, lengths):
    return torch.stack([row[length - 1] for row, length in zip(H, lengths.tolist())])

# --- right: a mask that chooses one step
def last_valid(H, lengths):
    last = F.one_hot(lengths - 1, H.shape[1]).bool()
    return H[last]

# --- right: steps flattened
def last_valid(H, lengths):
    B, T, size = H.shape
    return H.reshape(B * T, size).index_select(0, torch.arange(0, B * T, T) + lengths - 1)
