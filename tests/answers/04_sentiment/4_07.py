# --- wrong: padding is counted in
# fails: takes the mean over the real steps, wherever padding stands, in the dtype of H
# message: padding was counted in
#-    total = torch.where(mask[:, :, None], H, 0).sum(dim=1)  # (B, H)
#-    count = mask.sum(dim=1, keepdim=True)  # (B, 1)
#-    return total / count.clamp(min=1)
#+    return H.mean(dim=1)

# --- wrong: the sum divided by T
# fails: takes the mean over the real steps, wherever padding stands, in the dtype of H
# message: the sum was divided by T
#-    count = mask.sum(dim=1, keepdim=True)  # (B, 1)
#-    return total / count.clamp(min=1)
#+    return total / H.shape[1]

# --- wrong: multiplies by the mask
# fails: gives the same whatever stands under padding, and sends real steps alone a gradient
# message: 0 · nan is nan
#-    total = torch.where(mask[:, :, None], H, 0).sum(dim=1)  # (B, H)
#+    total = (H * mask[:, :, None]).sum(dim=1)

# --- wrong: 0 / 0 where there is no real step
# fails: takes the mean over the real steps, wherever padding stands, in the dtype of H
# message: A row without a real step is all zeros
#-    return total / count.clamp(min=1)
#+    return total / count

# --- wrong: counts the real steps and takes as many from the left
# fails: takes the mean over the real steps, wherever padding stands, in the dtype of H
# message: the first steps were taken
def masked_mean(H, mask):
    means = [row[: max(int(on.sum()), 1)].mean(dim=0) * on.any() for row, on in zip(H, mask)]
    return torch.stack(means)

# --- wrong: one divisor for the batch
# fails: takes the mean over the real steps, wherever padding stands, in the dtype of H
# message: the steps of all rows were counted together
#-    return total / count.clamp(min=1)
#+    return total / count.sum().clamp(min=1)

# --- wrong: by way of NumPy
# fails: gives the same whatever stands under padding, and sends real steps alone a gradient
# message: A gradient has to reach H
#-    total = torch.where(mask[:, :, None], H, 0).sum(dim=1)  # (B, H)
#+    total = torch.where(mask[:, :, None], H.detach(), 0).sum(dim=1)

# --- wrong: an empty row is put right at the end
# fails: gives the same whatever stands under padding, and sends real steps alone a gradient
# message: not even the branch that is not chosen may divide by 0|An infinity on a real step
#-    total = torch.where(mask[:, :, None], H, 0).sum(dim=1)  # (B, H)
#+    total = (H.nan_to_num(0, 0, 0) * mask[:, :, None]).sum(dim=1)
#
#-    return total / count.clamp(min=1)
#+    return torch.where(count > 0, total / count, 0)

# --- wrong: cleans the caller's tensor
# fails: keeps the laws
# message: The caller's H was changed
#-    total = torch.where(mask[:, :, None], H, 0).sum(dim=1)  # (B, H)
#+    with torch.no_grad():
#+        H[~mask] = 0
#+    total = torch.where(mask[:, :, None], H, 0).sum(dim=1)

# --- wrong: nothing to be trained where nothing is real
# fails: gives the same whatever stands under padding, and sends real steps alone a gradient
# message: A gradient has to reach H
def masked_mean(H, mask):
    nothing = torch.zeros(H.shape[2], dtype=H.dtype)
    rows = zip(H, mask)
    return torch.stack([row[on].mean(0) if on.any() else nothing for row, on in rows])

# --- wrong: cleans real steps too
# fails: gives the same whatever stands under padding, and sends real steps alone a gradient
# message: An infinity on a real step is part of the mean
def masked_mean(H, mask):
    real = mask.unsqueeze(2).type_as(H)
    kept = torch.nan_to_num(H, nan=0.0, posinf=0.0, neginf=0.0) * real
    return kept.sum(1) / torch.clamp(real.sum(1), min=1.0)

# --- right: row by row
def masked_mean(H, mask):
    rows = []
    for states, real in zip(H, mask, strict=True):
        chosen = states[real]
        rows.append(chosen.sum(dim=0) / max(len(chosen), 1))
    return torch.stack(rows)

# --- right: filled, and as a product of matrices
def masked_mean(H, mask):
    weights = mask.to(H.dtype)
    weights = weights / weights.sum(dim=1, keepdim=True).clamp(min=1)
    clean = H.masked_fill(~mask.unsqueeze(-1), 0.0)
    return torch.einsum("bt,bth->bh", weights, clean)

# --- right: nanmean of what is chosen
def masked_mean(H, mask):
    chosen = torch.where(mask[..., None], H, torch.full_like(H, float("nan")))
    empty = ~mask.any(dim=1, keepdim=True)
    return torch.where(empty, torch.zeros_like(H[:, 0]), chosen.nanmean(dim=1))
